/** VPC endpoints and the services behind them (VPCE-01 to VPCE-11). */

import type { Resource } from './resource.ts';

export interface VpcEndpoint extends Resource {
  readonly kind: 'gateway' | 'interface' | 'gateway-load-balancer' | 'resource' | 'service-network' | 'unrecognised';
  readonly vpcId: string;
  /** `com.amazonaws.us-east-1.s3`, or an endpoint service's name. */
  readonly serviceName: string | null;
  /** Only `available` forwards (VPCE-11). */
  readonly state: string;
  /** Gateway: tables that hold its route. */
  readonly routeTableIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly interfaceIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly privateDns: boolean;
  /** Names by which clients find it. */
  readonly dnsNames: readonly string[];
}

/** A service that somebody offers behind balancers. */
export interface EndpointService extends Resource {
  readonly serviceName: string;
  readonly state: string | null;
  readonly loadBalancerArns: readonly string[];
  readonly zones: readonly string[];
}
