/** What is wrong with a policy, or beyond what the local runtime can evaluate; whoever reads the policy says which one it is. */
export class PolicyFlaw extends Error {
  override readonly name = 'PolicyFlaw';
}
