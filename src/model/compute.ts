/** Compute and services that stand for interfaces in questions (CMP-02 to CMP-09). No packet is judged by them. */

import type { Resource } from './resource.ts';

/** `id` is the ARN, or the name where a record has none. */
export interface AutoScalingGroup extends Resource {
  readonly groupName: string;
  /** Instances that it has now, without terminated ones (CMP-02). */
  readonly instanceIds: readonly string[];
}

/** `id` is the ARN, which ends in a version where versions were listed; else the name. */
export interface LambdaFunction extends Resource {
  readonly functionName: string;
  /** Null for a function that runs outside every VPC (CMP-04). */
  readonly attachment: ServiceAttachment | null;
}

/** Subnets and security groups in which a service makes interfaces of its own. */
export interface ServiceAttachment {
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
}

/** A database instance of RDS. `id` is the ARN, or its identifier where a record has none. */
export interface Database extends Resource {
  readonly databaseName: string;
  /** Subnets of its subnet group, and its security groups without those being removed (CMP-08). Null without a subnet group. */
  readonly attachment: ServiceAttachment | null;
}

/** A service of ECS. `id` is its ARN, or its name where a record has none. */
export interface EcsService extends Resource {
  readonly serviceName: string;
  readonly clusterName: string | null;
  /** How many of its tasks run; null where unsaid. */
  readonly running: number | null;
}

/** A task of ECS. `id` is its ARN. */
export interface EcsTask extends Resource {
  /** Name of the service that runs it; null for one started otherwise. */
  readonly serviceName: string | null;
  /** Name of its cluster; null where the record does not say. */
  readonly clusterName: string | null;
  /** `RUNNING`, `PENDING`, `STOPPED`, ...; null where unsaid. */
  readonly status: string | null;
  /** Its own interfaces (CMP-05, CMP-06); none where it uses those of its instance. */
  readonly interfaceIds: readonly string[];
}

/** What an environment of Elastic Beanstalk is made of (CMP-09). `id` is its name. */
export interface BeanstalkEnvironment extends Resource {
  readonly instanceIds: readonly string[];
  /** Names or ARNs of load balancers. */
  readonly balancers: readonly string[];
}
