/** The questions that `igwalk demo` asks of the sample network, in an order that tells a story. */

export interface DemoQuestion {
  readonly title: string;
  readonly packet: string;
}

export const DEMO_QUESTIONS: readonly DemoQuestion[] = [
  { title: 'A customer opens the shop.', packet: 'tcp 203.0.113.200:40000 > 198.51.100.10:443' },
  { title: 'Someone on the block list tries the same.', packet: 'tcp 192.0.2.66:51515 > 198.51.100.10:443' },
  { title: 'Someone next door to the office tries SSH.', packet: 'tcp 203.0.113.200:50022 > 198.51.100.10:22' },
  { title: 'A web server asks the database itself.', packet: 'tcp 10.0.0.10:40001 > 10.0.20.30:5432' },
  {
    title: 'The application asks it, from Windows, which takes ports up to 65535.',
    packet: 'tcp 10.0.11.20:61044 > 10.0.20.30:5432',
  },
  { title: 'The application fetches updates over IPv4.', packet: 'tcp 10.0.10.20:40003 > 203.0.113.80:443' },
  { title: 'And over IPv6.', packet: 'tcp [2001:db8:5:110::20]:40004 > [2001:db8:ffff::80]:443' },
  {
    title: 'The bastion logs in to the application across the peering.',
    packet: 'tcp 10.50.0.10:40005 > 10.0.10.20:22',
  },
  { title: 'A public address in a subnet without a way out.', packet: 'tcp 203.0.113.7:40006 > 198.51.100.50:443' },
  {
    title: 'A warehouse behind a transit gateway, whose routes are not in the snapshot.',
    packet: 'tcp 10.0.10.20:40007 > 192.168.7.7:443',
  },
];
