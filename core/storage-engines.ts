/** Engines whose tables hold no rows of their own, so that no conversion to InnoDB can save them. Names in upper case. */

/** Several MyISAM tables seen as one. */
export const mergeEngines: readonly string[] = ['MRG_MYISAM', 'MERGE'];

/** Tables of another server, or of another program. */
export const remoteEngines: readonly string[] = ['FEDERATED', 'FEDERATEDX', 'CONNECT', 'SPIDER', 'SPHINX', 'OQGRAPH', 'S3'];
