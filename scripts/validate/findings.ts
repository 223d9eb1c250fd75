/** What validators report, and what of it is accepted with a reason. */

export interface Finding {
  /** `W3005` of cfn-lint, or the name of a rule of cfn-guard. */
  readonly rule: string;
  readonly template: string;
  /** The logical id; empty where a finding is not of one resource. */
  readonly resource: string;
  readonly message: string;
}

export interface Waiver {
  readonly rule: string;
  /** Logical ids that it holds for; all that match. */
  readonly resources: RegExp;
  readonly reason: string;
}

export interface Judgement {
  readonly open: readonly Finding[];
  readonly waived: readonly { readonly waiver: Waiver; readonly findings: readonly Finding[] }[];
  /** Waivers that hold for nothing any more: to be removed. */
  readonly idle: readonly Waiver[];
}

export function judge(findings: readonly Finding[], waivers: readonly Waiver[]): Judgement {
  const holds = (waiver: Waiver, { rule, resource }: Finding): boolean => waiver.rule === rule && waiver.resources.test(resource);
  const waived = waivers.map((waiver) => ({ waiver, findings: findings.filter((finding) => holds(waiver, finding)) }));
  return {
    open: findings.filter((finding) => !waivers.some((waiver) => holds(waiver, finding))),
    waived: waived.filter((one) => one.findings.length > 0),
    idle: waived.filter((one) => one.findings.length === 0).map(({ waiver }) => waiver),
  };
}
