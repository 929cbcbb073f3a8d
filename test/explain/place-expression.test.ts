import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlaceNode, parsePlaceExpression } from '../../src/explain/place-expression.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import { formatPrefix } from '../../src/net/address-text.ts';

/** The expression with all its parentheses, one kind of bracket a kind of place. */
function shape(node: PlaceNode): string {
  switch (node.kind) {
    case 'any-of':
      return `(${node.parts.map(shape).join(' | ')})`;
    case 'all-of':
      return `(${node.parts.map(shape).join(' & ')})`;
    case 'none-of':
      return `!${shape(node.part)}`;
    case 'internet':
      return 'internet';
    case 'prefix':
      return formatPrefix(node.prefix);
    case 'tag':
      return `tag<${node.key}><${node.value}>`;
    case 'name':
      return `name<${node.pattern}>`;
    case 'id':
      return `id<${node.id}>`;
    case 'word':
      return `word<${node.word}>`;
    case 'service': {
      const { service, name, account, region } = node;
      return `${service}<${[name, region, account].filter((part) => part !== null).join(' ')}>`;
    }
    case 'not-modelled':
      return `later<${node.text}>`;
  }
}

function errorOf(text: string): QuestionError {
  try {
    parsePlaceExpression(text);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error(`"${text}" is an expression`);
}

describe('one place', () => {
  const places = [
    ['internet', 'internet'],
    ['10.0.1.10', '10.0.1.10/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:db8::a', '2001:db8::a/128'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['::ffff:10.0.0.1', '::ffff:a00:1/128'],
    ['eni-06951bef001b5e70a', 'word<eni-06951bef001b5e70a>'],
    ['VpcId:5', 'word<VpcId:5>'],
    ['web', 'word<web>'],
    ['1.2', 'word<1.2>'],
    ['"internet"', 'word<internet>'],
    ['"10.0.0.0/8"', 'word<10.0.0.0/8>'],
    ['"web server"', 'word<web server>'],
    [String.raw`"a \"b\" \\ c"`, String.raw`word<a "b" \ c>`],
    ['web@home', 'word<web@home>'],
    ['tag:role=db', 'tag<role><db>'],
    ['tag:role=', 'tag<role><>'],
    ['tag:aws:cloudformation:stack-name=x=y', 'tag<aws:cloudformation:stack-name><x=y>'],
    ['tag:Name="web | server"', 'tag<Name><web | server>'],
    ['tag:"a=b"=c', 'tag<a=b><c>'],
    ['name:web-*', 'name<web-*>'],
    ['name:"web *"', 'name<web *>'],
    ['arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc', 'id<i-0abc>'],
    ['arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-7', 'id<sg-7>'],
  ] as const;
  for (const [text, meaning] of places) {
    test(`${text} is ${meaning}`, () => {
      expect(shape(parsePlaceExpression(text).root)).toBe(meaning);
    });
  }

  const services = [
    ['lb:web', 'lb<web>'],
    ['lb:net/web/50dc', 'lb<net/web/50dc>'],
    ['lb:"a b"', 'lb<a b>'],
    ['asg:web', 'asg<web>'],
    ['lambda:f', 'lambda<f>'],
    ['rds:main', 'rds<main>'],
    ['ecs:s', 'ecs<s>'],
    ['ecs:c/s', 'ecs<c/s>'],
    ['eks:c', 'eks<c>'],
    ['beanstalk:prod', 'beanstalk<prod>'],
    ['"lb:web"', 'word<lb:web>'],
    ['lb', 'word<lb>'],
    ['10.0.1.10@lb:web', '(10.0.1.10/32 & lb<web>)'],
  ] as const;
  for (const [text, meaning] of services) {
    test(`${text} is ${meaning}`, () => {
      expect(shape(parsePlaceExpression(text).root)).toBe(meaning);
    });
  }

  const arns = [
    ['elasticloadbalancing', 'loadbalancer/app/web/50dc', 'lb<app/web/50dc'],
    ['elasticloadbalancing', 'loadbalancer/old', 'lb<old'],
    ['autoscaling', 'autoScalingGroup:7b1c:autoScalingGroupName/web', 'asg<web'],
    ['lambda', 'function:f', 'lambda<f'],
    ['lambda', 'function:f:live', 'lambda<f'],
    ['rds', 'db:main', 'rds<main'],
    ['ecs', 'service/c/s', 'ecs<c/s'],
    ['eks', 'cluster/c', 'eks<c'],
    ['elasticbeanstalk', 'environment/app/prod', 'beanstalk<prod'],
  ] as const;
  for (const [service, resource, meaning] of arns) {
    test(`an ARN with ${resource} is ${meaning}>, of its account and Region`, () => {
      const arn = `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
      expect(shape(parsePlaceExpression(arn).root)).toBe(`${meaning} eu-west-1 111122223333>`);
    });
  }

  const ids = ['tgw-attach-3', 'tgw-1', 'vpce-7'];
  for (const id of ids) {
    test(`${id} is an id`, () => {
      expect(shape(parsePlaceExpression(id).root)).toBe(`word<${id}>`);
    });
  }

  const later = [
    ...['aws:s3', 'dns:www.example.com', 'cloudfront', 'onprem', 'vgw-1'],
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/50dc6c495c0c9188',
    'arn:aws:rds:eu-west-1:111122223333:cluster:main',
    'arn:aws:ec2:eu-west-1:111122223333:vpn-gateway/vgw-7',
  ];
  for (const text of later) {
    test(`${text} is known to be something that is not modelled`, () => {
      expect(shape(parsePlaceExpression(text).root)).toBe(`later<${text}>`);
    });
  }
});

describe('several places', () => {
  const expressions = [
    ['a | b & c', '(word<a> | (word<b> & word<c>))'],
    ['a&b|c', '((word<a> & word<b>) | word<c>)'],
    ['!a & b', '(!word<a> & word<b>)'],
    ['!(a & b) | c', '(!(word<a> & word<b>) | word<c>)'],
    ['!!a', '!!word<a>'],
    ['a | b | c', '(word<a> | word<b> | word<c>)'],
    ['(((a)))', 'word<a>'],
    ['tag:a=1&!tag:b=2', '(tag<a><1> & !tag<b><2>)'],
    ['10.1.1.133@eni-7', '(10.1.1.133/32 & word<eni-7>)'],
    ['2001:db8::/64@vpc-1', '(2001:db8::/64 & word<vpc-1>)'],
    ['10.1.1.133@"web server"', '(10.1.1.133/32 & word<web server>)'],
  ] as const;
  for (const [text, meaning] of expressions) {
    test(`${text} is read as ${meaning}`, () => {
      expect(shape(parsePlaceExpression(text).root)).toBe(meaning);
    });
  }

  test('each place knows where it stands', () => {
    const { root } = parsePlaceExpression('  web | !( 10.0.0.0/8 & tag:a=1)');
    const offsets: string[] = [];
    const visit = (node: PlaceNode): void => {
      offsets.push(`${node.kind} ${node.at}`);
      if ('parts' in node) node.parts.forEach(visit);
      if ('part' in node) visit(node.part);
    };
    visit(root);
    expect(offsets).toEqual(['any-of 2', 'word 2', 'none-of 8', 'all-of 11', 'prefix 11', 'tag 24']);
  });
});

describe('an expression that is none', () => {
  const A_PLACE =
    'expected a place: internet, an address or CIDR, an id, a name, tag:KEY=VALUE, name:PATTERN or lb:NAME';
  const errors = [
    ['', 0, A_PLACE],
    ['   ', 0, A_PLACE],
    ['web |', 5, A_PLACE],
    ['web & & db', 6, A_PLACE],
    ['!', 1, A_PLACE],
    ['()', 1, A_PLACE],
    ['web db', 4, 'expected "|", "&" or the end (a name with spaces needs quotes)'],
    ['(web', 4, 'expected "|", "&" or ")"'],
    ['(web db)', 5, 'expected "|", "&" or ")" (a name with spaces needs quotes)'],
    ['web)', 3, 'expected "|", "&" or the end'],
    ['a | "web', 4, 'expected a second quote that closes this one'],
    ['a | ""', 4, 'expected a name between the quotes'],
    ['tag:role', 0, 'expected "=" and a value: tag:KEY=VALUE'],
    ['a | tag:=x', 8, 'expected the key of a tag: tag:KEY=VALUE'],
    ['lb:', 3, 'expected a name after "lb:"'],
    ['name:', 5, 'expected a Name tag, or a pattern of it'],
    ['10.0.0.300', 0, 'address "10.0.0.300" is not an IPv4 address'],
    ['10.0.0.0/33', 0, 'prefix "10.0.0.0/33": length 33 is over 32'],
    ['2001:db8::g/64 | fe80::1%eth0', 17, 'address "fe80::1%eth0": zone ids mean nothing outside one host'],
    ['10.0.0.1:443', 8, 'expected no port: it belongs to the service'],
    ['10.0.0.1@', 9, 'expected a place after "@"'],
    ['arn:aws:ec2', 0, 'expected an ARN with an id at its end'],
    ['arn:aws:ec2:eu-west-1:111122223333:vpc/', 0, 'expected an ARN with an id at its end'],
  ] as const;
  for (const [text, position, problem] of errors) {
    test(`${text || 'nothing at all'}: ${problem}`, () => {
      const error = errorOf(text);
      expect(error.message.split('\n')[0]).toBe(`question: ${problem}`);
      expect(error.position).toBe(position);
    });
  }

  test('host bits in a CIDR are two possible meanings, and both are offered', () => {
    const error = errorOf('10.0.1.77/24');
    expect(error.message).toContain('CIDR "10.0.1.77/24" has host bits set: the block or the address?');
    expect(error.suggestions).toEqual(['10.0.1.0/24', '10.0.1.77']);
  });

  test('the message shows the place with a caret', () => {
    expect(errorOf('tag:role=web | & db').message).toBe(
      [`question: ${A_PLACE}`, '  tag:role=web | & db', '                 ^'].join('\n'),
    );
  });

  test('of a long question the message shows fifty characters on either side', () => {
    const [, shown, caret] = errorOf(`${'a|'.repeat(500)}&${'|a'.repeat(500)}`).message.split('\n');
    expect(shown).toBe(`  …${'a|'.repeat(25)}&${'|a'.repeat(24)}|…`);
    expect(caret!.indexOf('^')).toBe(shown!.indexOf('&'));
  });

  test('a thousand places are as many as one expression may name', () => {
    const places = (count: number): string =>
      Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join('|');
    expect(parsePlaceExpression(places(1000)).root.kind).toBe('any-of');
    expect(errorOf(places(1001)).message).toContain('expected at most 1000 places');
  });

  test('a hundred thousand parentheses are refused where they become too deep', () => {
    for (const sign of ['(', '!', '!(']) {
      const error = errorOf(`${sign.repeat(100_000)}a`);
      expect(error.message).toContain('expected at most 100 "(" and "!" inside each other');
      expect(error.position).toBe(100);
    }
    expect(shape(parsePlaceExpression(`${'('.repeat(100)}a${')'.repeat(100)}`).root)).toBe('word<a>');
  });
});

test('whatever the text, it is an expression or a QuestionError that points into it', () => {
  const anyPiece = fc.constantFrom(
    ...[
      'a',
      '|',
      '&',
      '!',
      '(',
      ')',
      ' ',
      '"',
      '\\',
      'tag:',
      '=',
      'name:',
      '10.0.0.1',
      '/',
      '8',
      '::',
      '@',
      'arn:',
      '%',
      '-',
    ],
  );
  const anyText = fc.oneof(
    fc.array(anyPiece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        parsePlaceExpression(text);
      } catch (error) {
        if (!(error instanceof QuestionError)) throw error;
        expect(error.position).toBeGreaterThanOrEqual(0);
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 5000 },
  );
});
