/** Why a statement is cited nowhere: what igwalk leaves out on purpose, or does not do yet. */

const QUOTA = 'left out: quotas decide about no packet';
const LOGS = 'left out for now: flow logs are not read';
const ANALYZER =
  'left out: it is about AWS’s own analyzers, whose codes igwalk gives and whose requests it does not read';
const SCOPES = 'left out for now: Network Access Scopes are not read';
const TEMPLATES = 'left out for now: Terraform and CloudFormation are not read';
const FIREWALL = 'unknown: rules of Network Firewall are read and not walked; the answer names the firewall';
const SPELLED = 'follows from what the records say: there is nothing to decide';

const REASONS: Readonly<Record<string, string>> = {
  'PKT-06': 'left out: packets are whole; fragments are not judged',
  'PKT-08': 'left out: sizes are not judged',
  'SG-17': 'unknown: local gateways are not modelled',
  'SG-18': SPELLED,
  'SG-19': SPELLED,
  'SG-25': SPELLED,
  'SG-26': 'left out for now: Instance Connect Endpoints are interfaces like any other',
  'SG-27': QUOTA,
  'CT-14': QUOTA,
  'CT-20': 'left out: whether a flow is tracked at such a balancer changes no answer about one packet',
  'RT-18': 'left out for now: appliances forward or drop, and remember nothing',
  'TGW-11': 'unknown: Cloud WAN is not modelled',
  'HYB-02': 'left out: a gateway’s routes lead to one place, whichever of them is best',
  'HYB-06': 'no way leads from one association to another',
  'VPCE-06': 'left out for now: names are not resolved',
  'VPCE-10': 'unknown: resource endpoints are not modelled',
  'NFW-01': FIREWALL,
  'NFW-02': FIREWALL,
  'NFW-04': FIREWALL,
  'NFW-05': FIREWALL,
  'NFW-06': FIREWALL,
  'NFW-07': FIREWALL,
  'NFW-08': FIREWALL,
  'NFW-09': FIREWALL,
  'ELB-11': 'in part: groups judge what comes to a node and what it sends on; whether health checks pass is not judged',
  'ELB-12': 'unknown: what lies behind an endpoint service is not walked',
  'ELB-15': 'unknown: interfaces of Gateway Load Balancers are not modelled',
  'ELB-17': 'in part: an interface that refuses internet gateways says so itself (IGW-05)',
  'CMP-02': 'left out for now: a group’s next instance is no place',
  'CMP-10': 'left out for now: CloudFront is no place; its addresses are, by prefix list',
  'CMP-11': 'left out for now: CloudFront is no place',
  'CMP-12': 'left out for now: Global Accelerator is no place',
  'CMP-14': 'left out for now: services are no places; their endpoints are',
  'CMP-15': 'left out for now: Instance Connect Endpoints are interfaces like any other',
  'OPEN-01': 'left out: packets are whole; fragments are not judged',
  'OPEN-15': 'a route of such a table is followed like any other',
  'OPEN-22': SCOPES,
  'OPEN-23': QUOTA,
  'OPEN-24': TEMPLATES,
  'OPEN-29': 'left out: encryption controls change no verdict',
};

const CHAPTERS: Readonly<Record<string, string>> = { FL: LOGS, RA: ANALYZER, NAA: SCOPES, LDR: TEMPLATES };

/** Null where nobody has said yet why. */
export function whyNotCovered(id: string): string | null {
  return REASONS[id] ?? CHAPTERS[id.slice(0, id.indexOf('-'))] ?? null;
}
