/**
 * What each reading of undocumented behaviour means, in a line: AWS's documentation is silent or contradicts itself on these
 * points, and an answer that used one of them names it.
 */

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['OPEN-01', 'fragments share the verdict of the whole datagram'],
  ['OPEN-02', 'security groups look at ports for TCP and UDP only'],
  ['OPEN-03', 'link-local service addresses beyond the documented ones are not filtered either'],
  [
    'OPEN-04',
    "beside a transit gateway attachment, the subnet's inbound list applies to what is sent to it, and no list to what comes",
  ],
  [
    'OPEN-05',
    "on the way to a NAT gateway or appliance in the sender's own subnet, both lists of the subnet's ACL apply; on the way back, none",
  ],
  ['OPEN-06', 'a group stands for every private, delegated and IPv6 address of every interface that carries it'],
  [
    'OPEN-07',
    'a connection is untracked only if one rule for the whole internet matches and one opposite rule allows everything',
  ],
  ['OPEN-08', 'traffic by transit gateway and Gateway Load Balancer is tracked only where the rules make it so'],
  ['OPEN-09', 'ICMP errors pass a security group when they quote a connection that it tracks'],
  ['OPEN-10', 'a TCP segment in mid-stream without a tracked connection is judged by the rules, as a new one would be'],
  [
    'OPEN-11',
    'a host with several interfaces answers by the one that was asked; connections belong to interfaces, not to hosts',
  ],
  ['OPEN-12', 'the local route beats every propagated route, even a more specific one'],
  ['OPEN-13', 'of two equal routes by prefix list, either may be in use'],
  ['OPEN-14', 'a packet whose best route is a blackhole is dropped; a filtered route is no route'],
  ['OPEN-15', "a virtual private gateway's route table may point at a Gateway Load Balancer endpoint"],
  [
    'OPEN-16',
    'a packet to a public address arrives even where the subnet has no route to the internet gateway; its answer does not leave',
  ],
  ['OPEN-17', 'a packet to a public address of the same VPC leaves by the internet gateway and comes in again'],
  [
    'OPEN-18',
    'a NAT gateway serves senders behind a transit gateway, and none behind a peering or a virtual private gateway',
  ],
  ['OPEN-19', 'every subnet of a zone with a transit gateway attachment may send to it'],
  ['OPEN-20', 'a virtual private gateway carries IPv6 by Direct Connect only'],
  [
    'OPEN-21',
    "a Network Load Balancer keeps the client's address when its attribute says so, else by the documented defaults",
  ],
  ['OPEN-22', 'every documented spelling of a Network Access Scope means the same'],
  ['OPEN-23', 'ACLs longer than the quota are evaluated whole'],
  ['OPEN-24', 'a separate egress resource leaves the default egress rule of a CloudFormation group in place'],
  ['OPEN-25', 'swapping groups acts like changing rules: tracked connections go on, untracked ones are judged anew'],
  ['OPEN-26', 'a rule that names a group missing from the snapshot matches nothing'],
  [
    'OPEN-27',
    'no ACL applies between a load balancer node and a target in the same subnet, Classic Load Balancers excepted',
  ],
  ['OPEN-28', 'what an interface sends to its own address never leaves the host and is not filtered'],
  ['OPEN-29', 'VPC encryption controls change no verdict'],
  ['OPEN-30', 'the internet gateway drops what no one can route; documentation addresses count as public'],
  [
    'OPEN-31',
    'what enters a VPC by gateway or peering is delivered by the local route, unless a gateway route table says otherwise',
  ],
  ['OPEN-32', 'any enabled node of a load balancer may answer'],
]);

/** The meaning of `OPEN-16`; of an id that is not listed, that it is an assumption. */
export function assumptionMeaning(id: string): string {
  return MEANINGS.get(id) ?? 'an assumption about undocumented behaviour';
}
