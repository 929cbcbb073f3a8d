/** Transit gateways and their attachments, which three lists describe between them. */

import { describe, expect, test } from 'vitest';
import type { TransitGatewayAttachment } from '../../src/model/transit-gateway.ts';
import { listsOf, load, loadFiles, problemsOf } from '../support/documents.ts';

const OWNER = '111122223333';
const GUEST = '444455556666';

const gateway = (members: object = {}): object => ({
  TransitGatewayId: 'tgw-1',
  TransitGatewayArn: `arn:aws:ec2:eu-west-1:${OWNER}:transit-gateway/tgw-1`,
  OwnerId: OWNER,
  State: 'available',
  Options: { SecurityGroupReferencingSupport: 'enable' },
  Tags: [{ Key: 'Name', Value: 'hub' }],
  ...members,
});

const attachment = (members: object = {}): object => ({
  TransitGatewayAttachmentId: 'tgw-attach-1',
  TransitGatewayId: 'tgw-1',
  TransitGatewayOwnerId: OWNER,
  ResourceOwnerId: OWNER,
  ResourceType: 'vpc',
  ResourceId: 'vpc-1',
  State: 'available',
  Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
  Tags: [],
  ...members,
});

const ofVpc = (members: object = {}): object => ({
  TransitGatewayAttachmentId: 'tgw-attach-1',
  TransitGatewayId: 'tgw-1',
  VpcId: 'vpc-1',
  VpcOwnerId: OWNER,
  State: 'available',
  SubnetIds: ['subnet-1', 'subnet-2'],
  Options: { ApplianceModeSupport: 'enable', Ipv6Support: 'enable', SecurityGroupReferencingSupport: 'disable' },
  ...members,
});

const peering = (members: object = {}): object => ({
  TransitGatewayAttachmentId: 'tgw-attach-9',
  RequesterTgwInfo: { TransitGatewayId: 'tgw-1', OwnerId: OWNER, Region: 'eu-west-1' },
  AccepterTgwInfo: { TransitGatewayId: 'tgw-2', OwnerId: GUEST, Region: 'us-east-1' },
  State: 'available',
  ...members,
});

const only = (json: object, file?: string): TransitGatewayAttachment => {
  const { transitGatewayAttachments: all } = load(json, file);
  expect(all).toHaveLength(1);
  return all[0]!;
};

describe('a transit gateway', () => {
  test('has the account and Region that it names', () => {
    const network = load({ TransitGateways: [gateway()] });
    expect(problemsOf(network)).toEqual([]);
    expect(network.transitGateways).toMatchObject([
      { id: 'tgw-1', name: 'hub', account: OWNER, region: 'eu-west-1', state: 'available' },
    ]);
  });

  const support = [
    ['enable', true],
    ['disable', false],
    [undefined, null],
    [null, null],
  ] as const;
  for (const [text, securityGroupReferencing] of support) {
    test(`security group referencing "${text}" is ${securityGroupReferencing} (SG-15)`, () => {
      const Options = { SecurityGroupReferencingSupport: text };
      expect(load({ TransitGateways: [gateway({ Options })] }).transitGateways).toMatchObject([
        { securityGroupReferencing },
      ]);
    });
  }

  test('that says something else about it says nothing', () => {
    const network = load({ TransitGateways: [gateway({ Options: { SecurityGroupReferencingSupport: 'on' } })] });
    expect(network.transitGateways[0]?.securityGroupReferencing).toBeNull();
    expect(problemsOf(network)).toEqual([
      'error "on" is neither "enable" nor "disable" at snapshot.json#/TransitGateways/0/Options/SecurityGroupReferencingSupport',
    ]);
  });

  test('without an id costs itself, and the list proves nothing', () => {
    const network = load({ TransitGateways: [{ State: 'available' }, gateway()] });
    expect(network.transitGateways).toHaveLength(1);
    expect(listsOf(network)).toEqual(['transitGateways cut off']);
  });
});

describe('an attachment', () => {
  test('of a VPC is one record from two lists, in any order', () => {
    const lists = { TransitGatewayAttachments: [attachment()], TransitGatewayVpcAttachments: [ofVpc()] };
    const backwards = Object.fromEntries(Object.entries(lists).reverse());
    for (const json of [lists, backwards]) {
      expect(only(json)).toMatchObject({
        id: 'tgw-attach-1',
        attachmentId: 'tgw-attach-1',
        transitGatewayId: 'tgw-1',
        account: OWNER,
        attached: { kind: 'vpc', id: 'vpc-1', account: OWNER },
        state: 'available',
        association: { kind: 'table', id: 'tgw-rtb-1' },
        vpc: {
          subnetIds: ['subnet-1', 'subnet-2'],
          applianceMode: true,
          ipv6: true,
          securityGroupReferencing: false,
        },
      });
      expect(problemsOf(load(json))).toEqual([]);
      expect(listsOf(load(json))).toEqual(['transitGatewayAttachments complete', 'transitGatewayAttachments complete']);
    }
  });

  test('of a VPC is not served, nor associated, for certain where only one of the lists was read', () => {
    expect(only({ TransitGatewayAttachments: [attachment()] }).vpc).toBeNull();
    expect(only({ TransitGatewayVpcAttachments: [ofVpc()] })).toMatchObject({
      association: { kind: 'unsaid' },
      account: null,
    });
    // Attachments of other kinds may exist all the same.
    expect(listsOf(load({ TransitGatewayVpcAttachments: [ofVpc()] }))).toEqual(['transitGatewayAttachments cut off']);
  });

  test('belongs to the owner of its gateway, whoever tells that', () => {
    const json = { TransitGatewayVpcAttachments: [ofVpc()], TransitGateways: [gateway()] };
    expect(only(json).account).toBe(OWNER);
  });

  test('of a VPC has the options that AWS gives where the record is silent', () => {
    expect(only({ TransitGatewayVpcAttachments: [ofVpc({ Options: null })] }).vpc).toMatchObject({
      applianceMode: false,
      ipv6: false,
      securityGroupReferencing: true,
    });
  });

  const unreadable = [
    ['subnets that are no list', { SubnetIds: 'subnet-1' }, 'SubnetIds is "subnet-1", not a list', '/SubnetIds'],
    ['a subnet that is no text', { SubnetIds: ['subnet-1', 7] }, 'record is 7, not a text', '/SubnetIds/1'],
    ['no subnets', { SubnetIds: null }, 'SubnetIds is missing', '/SubnetIds'],
    [
      'an option that nobody knows',
      { Options: { ApplianceModeSupport: 'yes' } },
      '"yes" is neither "enable" nor "disable"',
      '/Options/ApplianceModeSupport',
    ],
  ] as const;
  for (const [name, members, what, pointer] of unreadable) {
    test(`with ${name} is one whose subnets and options are not known`, () => {
      const network = load({
        TransitGatewayAttachments: [attachment()],
        TransitGatewayVpcAttachments: [ofVpc(members)],
      });
      expect(network.transitGatewayAttachments).toMatchObject([{ association: { kind: 'table' }, vpc: null }]);
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/TransitGatewayVpcAttachments/0${pointer}`]);
      expect(network.facts.map(({ key }) => key)).toEqual(['vpc-attachment:tgw-attach-1']);
    });
  }

  const types = [
    ['vpn', 'vpn'],
    ['direct-connect-gateway', 'direct-connect-gateway'],
    ['connect', 'connect'],
    ['network-function', 'firewall'],
    ['vpn-concentrator', 'unrecognised'],
  ] as const;
  for (const [ResourceType, kind] of types) {
    test(`of type ${ResourceType} is of kind ${kind}`, () => {
      const json = { TransitGatewayAttachments: [attachment({ ResourceType, ResourceId: 'id-1' })] };
      expect(only(json)).toMatchObject({ id: 'tgw-attach-1', attached: { kind, id: 'id-1' } });
      expect(problemsOf(load(json))).toEqual([]);
    });
  }

  test('of a type that nobody knows says so', () => {
    const json = { TransitGatewayAttachments: [attachment({ ResourceType: 'teleport' })] };
    expect(only(json).attached.kind).toBe('unrecognised');
    expect(problemsOf(load(json))).toEqual([
      'warning ResourceType "teleport" is not known at snapshot.json#/TransitGatewayAttachments/0/ResourceType',
    ]);
  });

  const associations = [
    ['associated', { kind: 'table', id: 'tgw-rtb-1' }],
    ['associating', { kind: 'none' }],
    ['disassociating', { kind: 'none' }],
  ] as const;
  for (const [State, association] of associations) {
    test(`${State} with a table has association ${association.kind} (TGW-02)`, () => {
      const Association = { TransitGatewayRouteTableId: 'tgw-rtb-1', State };
      expect(only({ TransitGatewayAttachments: [attachment({ Association })] }).association).toEqual(association);
    });
  }

  test('in a state of association that nobody knows may ask any table', () => {
    const Association = { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'odd' };
    const network = load({ TransitGatewayAttachments: [attachment({ Association })] });
    expect(network.transitGatewayAttachments[0]?.association).toEqual({ kind: 'unsaid' });
    expect(network.facts.map(({ key }) => key)).toEqual(['association:tgw-attach-1']);
    expect(problemsOf(network)).toEqual([
      'error association state "odd" is not known at snapshot.json#/TransitGatewayAttachments/0/Association/State',
    ]);
  });

  test('without a member Association has none where the gateway’s owner looks, and is silent where another does', () => {
    const json = { TransitGatewayAttachments: [attachment({ Association: null, ResourceOwnerId: GUEST })] };
    expect(only(json, `${OWNER}/a.json`).association).toEqual({ kind: 'none' });
    expect(only(json, `${GUEST}/a.json`).association).toEqual({ kind: 'unsaid' });
    expect(only(json, 'a.json').association).toEqual({ kind: 'unsaid' });
    const own = { TransitGatewayAttachments: [attachment({ Association: {} })] };
    expect(only(own, 'a.json').association).toEqual({ kind: 'none' });
  });

  test('is seen by two accounts, and what the guest does not see the owner tells', () => {
    const record = { ResourceOwnerId: GUEST };
    const network = loadFiles({
      [`${GUEST}/a.json`]: {
        TransitGatewayAttachments: [attachment({ ...record, Association: null })],
        TransitGatewayVpcAttachments: [ofVpc({ VpcOwnerId: GUEST })],
      },
      [`${OWNER}/a.json`]: { TransitGatewayAttachments: [attachment(record)] },
    });
    expect(problemsOf(network)).toEqual([]);
    expect(network.transitGatewayAttachments).toMatchObject([
      { account: OWNER, attached: { account: GUEST }, association: { kind: 'table' }, vpc: { ipv6: true } },
    ]);
  });

  test('that two lists describe differently is a contradiction', () => {
    const network = load({
      TransitGatewayAttachments: [attachment()],
      TransitGatewayVpcAttachments: [ofVpc({ State: 'deleted', SubnetIds: [] })],
    });
    expect(problemsOf(network)).toHaveLength(1);
    expect(network.problems[0]?.what).toContain('transit gateway attachment "tgw-attach-1" is described differently');
    expect(network.problems[0]?.what).toContain('(state)');
  });
});

describe('a peering of two gateways', () => {
  test('is two records, each with what its gateway sees', () => {
    const network = load({ TransitGatewayPeeringAttachments: [peering()] });
    expect(problemsOf(network)).toEqual([]);
    expect(network.transitGatewayAttachments).toMatchObject([
      {
        id: 'tgw-attach-9/tgw-1',
        attachmentId: 'tgw-attach-9',
        transitGatewayId: 'tgw-1',
        attached: { kind: 'peering', id: 'tgw-2', account: GUEST },
        account: OWNER,
        region: 'eu-west-1',
        association: { kind: 'unsaid' },
        vpc: null,
      },
      { id: 'tgw-attach-9/tgw-2', attached: { id: 'tgw-1' }, account: GUEST, region: 'us-east-1' },
    ]);
  });

  test('gets each end’s association from that end’s own list', () => {
    const end = (gatewayId: string, owner: string, other: string, table: string): object =>
      attachment({
        TransitGatewayAttachmentId: 'tgw-attach-9',
        TransitGatewayId: gatewayId,
        TransitGatewayOwnerId: owner,
        ResourceType: 'peering',
        ResourceId: other,
        ResourceOwnerId: owner === OWNER ? GUEST : OWNER,
        Association: { TransitGatewayRouteTableId: table, State: 'associated' },
      });
    const network = loadFiles({
      [`${OWNER}/eu-west-1/a.json`]: {
        TransitGatewayAttachments: [end('tgw-1', OWNER, 'tgw-2', 'tgw-rtb-1')],
        TransitGatewayPeeringAttachments: [peering()],
      },
      [`${GUEST}/us-east-1/a.json`]: {
        TransitGatewayAttachments: [end('tgw-2', GUEST, 'tgw-1', 'tgw-rtb-2')],
        TransitGatewayPeeringAttachments: [peering()],
      },
    });
    expect(problemsOf(network)).toEqual([]);
    expect(network.transitGatewayAttachments.map(({ id, association }) => [id, association])).toEqual([
      ['tgw-attach-9/tgw-1', { kind: 'table', id: 'tgw-rtb-1' }],
      ['tgw-attach-9/tgw-2', { kind: 'table', id: 'tgw-rtb-2' }],
    ]);
  });

  test('without one of its ends cannot be read', () => {
    const network = load({ TransitGatewayPeeringAttachments: [peering({ AccepterTgwInfo: null })] });
    expect(network.transitGatewayAttachments).toEqual([]);
    expect(problemsOf(network)).toEqual([
      'error AccepterTgwInfo is missing at snapshot.json#/TransitGatewayPeeringAttachments/0/AccepterTgwInfo',
    ]);
  });
});

describe('what an attachment names', () => {
  const good = {
    TransitGateways: [gateway()],
    TransitGatewayRouteTables: [
      { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1', State: 'available' },
    ],
    TransitGatewayAttachments: [attachment()],
    TransitGatewayVpcAttachments: [ofVpc()],
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: OWNER }],
    Subnets: [
      { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', OwnerId: OWNER },
      { SubnetId: 'subnet-2', VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24', OwnerId: OWNER },
    ],
  };

  test('is all there', () => {
    expect(problemsOf(load(good))).toEqual([]);
  });

  const missing = [
    ['TransitGateways', 'transit gateway "tgw-1"', 2],
    ['TransitGatewayRouteTables', 'transit gateway route table "tgw-rtb-1"', 1],
    ['Vpcs', 'VPC "vpc-1"', 3],
    ['Subnets', 'subnet "subnet-1"', 2],
  ] as const;
  for (const [key, noun, count] of missing) {
    test(`is missed where ${key} was read whole without it, and not where it was not read`, () => {
      const network = load({ ...good, [key]: [] });
      const found = network.problems.filter(({ what }) => what.includes('which the snapshot lacks'));
      expect(found).toHaveLength(count);
      expect(found.map(({ what }) => what)).toContainEqual(expect.stringContaining(`names ${noun}`));
      expect(problemsOf(load({ ...good, [key]: null }))).toEqual([]);
    });
  }

  test('is another account’s business where that account’s lists were not read', () => {
    const foreign = { ...good, Vpcs: [], Subnets: [] };
    const attachments = {
      TransitGatewayAttachments: [attachment({ ResourceOwnerId: GUEST })],
      TransitGatewayVpcAttachments: [ofVpc({ VpcOwnerId: GUEST })],
    };
    expect(problemsOf(load({ ...foreign, ...attachments }))).toEqual([]);
  });

  test('does not matter once it is deleted', () => {
    const gone = { State: 'deleted' };
    const lists = {
      TransitGatewayAttachments: [attachment(gone)],
      TransitGatewayVpcAttachments: [ofVpc({ ...gone, SubnetIds: [] })],
    };
    expect(problemsOf(load({ ...good, ...lists, Vpcs: [], Subnets: [] }))).toEqual([]);
  });
});
