/** The wildcards of IAM policies: `*` for any characters, `?` for one. */

export type Matcher = (text: string) => boolean;

/** Actions are compared without regard to case. Source: IAM User Guide, "IAM JSON policy elements: Action". */
export function actionMatcher(pattern: string): Matcher {
  return matcher(wildcards(pattern, '.*', '.'), 'is');
}

/** `StringLike`: case counts. */
export function textMatcher(pattern: string): Matcher {
  return matcher(wildcards(pattern, '.*', '.'), 's');
}

/**
 * A pattern of the element Resource; case counts. A wildcard stays inside its colon-separated segment, except for a `*`
 * that ends one. Source: IAM User Guide, "IAM JSON policy elements: Resource", "Using wildcards in resource ARNs".
 */
export function resourceMatcher(pattern: string): Matcher {
  const segments = pattern.split(':').map((segment) => {
    const open = segment.endsWith('*');
    const inner = wildcards(open ? segment.slice(0, -1) : segment, '[^:]*', '[^:]');
    return open ? `${inner}.*` : inner;
  });
  return matcher(segments.join(':'), 's');
}

/**
 * `ArnLike` and `ArnEquals`, which do the same: each of the six components of an ARN is compared on its own.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Amazon Resource Name (ARN) condition operators".
 */
export function arnMatcher(pattern: string): Matcher {
  const [partition, service, region, account, ...rest] = pattern.split(':').slice(1);
  const components = [partition, service, region, account].map((component = '') => wildcards(component, '[^:]*', '[^:]'));
  return matcher(`arn:${[...components, wildcards(rest.join(':'), '.*', '.')].join(':')}`, 's');
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

function matcher(source: string, flags: string): Matcher {
  const expression = new RegExp(`^${source}$`, flags);
  return (text) => expression.test(text);
}

function wildcards(pattern: string, any: string, one: string): string {
  return pattern.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (character) => {
    if (character === '*') return any;
    return character === '?' ? one : `\\${character}`;
  });
}
