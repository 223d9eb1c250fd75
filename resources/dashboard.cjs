/**
 * The dashboard's body, as texts for Fn::Sub: `body` with a place for the widgets of Aurora and of the source, which are
 * there only where a parameter names them; a note of the same size takes their place otherwise.
 * Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax". 24 columns.
 */
const region = '${AWS::Region}';
const service = '${Service}';
const machine = '${StateMachine}';
/** Children of a Map Run have the metrics of `<machine>/<label>`. */
const branches = '${StateMachine}/MigrateDatabases';

const ferry = (name, options = {}) => ['AuroraFerry', name, 'service', service, { stat: 'Sum', ...options }];
const gauge = (name, options = {}) => ferry(name, { stat: 'Maximum', ...options });
const states = (name, arn, options = {}) => ['AWS/States', name, 'StateMachineArn', arn, { stat: 'Sum', ...options }];
const lambda = (name, logicalId, options = {}) => ['AWS/Lambda', name, 'FunctionName', `\${${logicalId}LambdaFunction}`, { stat: 'Sum', label: logicalId, ...options }];
const insights = (name, family, options = {}) => ['ECS/ContainerInsights', name, 'ClusterName', '${Cluster}', 'TaskDefinitionFamily', `\${Service}-${family}`, { stat: 'Maximum', visible: false, ...options }];
const aurora = (name, options = {}) => ['AWS/RDS', name, 'DBClusterIdentifier', '${AuroraClusterId}', 'Role', 'WRITER', options];
const source = (name, options = {}) => ['AWS/EC2', name, 'InstanceId', '${SourceInstanceId}', options];
const expression = (text, options = {}) => [{ expression: text, ...options }];

const functionIds = ['SelectDatabases', 'MigrateAccounts', 'CheckAuroraConnections', 'ClassifyFailure', 'CheckOutage', 'TallyOutcomes', 'HoldForRedrive', 'RecordAbortedBranch', 'RegisterDump', 'ReportProgress'];

function graph(title, metrics, options = {}) {
  return { type: 'metric', height: 6, properties: { title, region, view: 'timeSeries', stacked: false, period: 60, metrics, ...options } };
}

function text(markdown, height) {
  return { type: 'text', height, properties: { markdown } };
}

/** Widgets side by side, each with a width; all of a row have one height. */
function row(y, ...widgets) {
  let x = 0;
  return widgets.map(([width, widget]) => {
    const placed = { type: widget.type, x, y, width, height: widget.height, properties: widget.properties };
    x += width;
    return placed;
  });
}

const axis = (left, right) => ({ yAxis: { left: { min: 0, label: left, showUnits: false }, ...(right === undefined ? {} : { right: { min: 0, label: right, showUnits: false } }) } });
const line = (value, label) => ({ annotations: { horizontal: [{ value, label }] } });

const console = 'https://${AWS::Region}.console.aws.amazon.com';
const heading = text(
  [
    '# Aurora Ferry: ${Service}',
    `[Runs](${console}/states/home?region=\${AWS::Region}#/statemachines/view/\${StateMachine}) · alarms and what to do about them: \`docs/runbook.md\` · metrics and events: \`docs/observability.md\`. While nothing runs, Ferry's own graphs are empty.`,
  ].join('\n'),
  2,
);
const alarms = {
  type: 'alarm',
  height: 4,
  properties: {
    title: 'Alarms',
    alarms: [
      'DeadLettersAlarm', 'RunFailedAlarm', 'RunTimedOutAlarm', 'BranchTimedOutAlarm', 'NoProgressAlarm', 'GateShutAlarm', 'TransitionsThrottledAlarm', 'MapRunBacklogAlarm', 'GateThrottledAlarm', 'DeadLetterQueueAgeAlarm', 'FailedEventsAlarm',
      'SelectDatabasesErrorsAlarm', 'MigrateAccountsErrorsAlarm', 'CheckAuroraConnectionsErrorsAlarm', 'ClassifyFailureErrorsAlarm', 'CheckOutageErrorsAlarm', 'TallyOutcomesErrorsAlarm', 'RecordAbortedBranchErrorsAlarm', 'RegisterDumpErrorsAlarm', 'ReportProgressErrorsAlarm',
    ].map((logicalId) => `\${${logicalId}.Arn}`),
  },
};

const stateColors = [
  ['Verified', '#2ca02c'], ['Imported', '#98df8a'], ['Importing', '#1f77b4'], ['Dumped', '#aec7e8'], ['Dumping', '#ff7f0e'], ['Pending', '#c7c7c7'], ['Retrying', '#e377c2'], ['DeadLettered', '#d62728'],
];
const progress = [
  [12, graph('Databases by state', stateColors.map(([state, color]) => gauge(`Databases${state}`, { label: state, color })), { stacked: true, ...axis('databases') })],
  [6, graph('In flight', [gauge('DumpsInFlight', { label: 'dumps' }), gauge('ImportsInFlight', { label: 'imports' })], axis('slots held'))],
  [6, graph('Now', [gauge('DatabasesVerified', { label: 'verified' }), gauge('DatabasesDeadLettered', { label: 'dead letters' }), gauge('RunsUnderWay', { label: 'runs' })], { view: 'singleValue' })],
];
const throughput = [
  [8, graph('SQL moved, bytes a second', [
    ferry('DumpedSqlBytes', { id: 'dumped', visible: false }), ferry('ImportedSqlBytes', { id: 'imported', visible: false }), ferry('DumpStoredBytes', { id: 'stored', visible: false }),
    expression('dumped/PERIOD(dumped)', { label: 'dumped' }), expression('imported/PERIOD(imported)', { label: 'imported' }), expression('stored/PERIOD(stored)', { label: 'stored, compressed' }),
  ], axis('bytes/s'))],
  [8, graph('Seconds of a stage', ['Dump', 'Import', 'Verify'].flatMap((stage) => [ferry(`${stage}Seconds`, { stat: 'p50', label: `${stage} p50` }), ferry(`${stage}Seconds`, { stat: 'p95', label: `${stage} p95` })]), axis('seconds'))],
  [8, graph('Verified a minute, rows a minute', [ferry('Verifications', { label: 'databases' }), ferry('DumpedRows', { label: 'rows dumped', yAxis: 'right' }), ferry('ImportedRows', { label: 'rows imported', yAxis: 'right' })], axis('databases', 'rows'))],
];
const gate = [
  [8, graph('Gate', [ferry('GateGrants', { label: 'granted' }), ferry('GateRefusals', { label: 'refused' }), ferry('GateWaitSeconds', { stat: 'p95', label: 'wait p95', yAxis: 'right' })], axis('answers a minute', 'seconds'))],
  [8, graph('Connections to the target, as the gate sees them', [gauge('TargetConnections', { label: 'connections' }), gauge('TargetConnectionLimit', { label: 'limit' })], axis('connections'))],
  [8, graph('Wait for a dump slot on the source', [ferry('SourceSlotWaitSeconds', { stat: 'p50', label: 'p50' }), ferry('SourceSlotWaitSeconds', { stat: 'p95', label: 'p95' })], axis('seconds'))],
];
const failures = [
  [8, graph('Dead letters by error', [expression(`SEARCH('{AuroraFerry,service,error} MetricName="DeadLetters" service="${service}"', 'Sum', 300)`, { id: 'letters' })], { period: 300, stacked: true, ...axis('dead letters') })],
  [8, graph('Failed tries, and what became of them', [
    ferry('StageFailures', { id: 'failed', label: 'failed tries' }), ferry('DeadLetters', { id: 'given', label: 'dead letters' }), ferry('AbortedBranches', { label: 'aborted' }),
    expression('failed - given', { label: 'retries' }),
  ], { period: 300, ...axis('in 5 minutes') })],
  [8, graph('Dead-letter queue', [
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', '${DeadLetterQueue.QueueName}', { stat: 'Maximum', label: 'messages' }],
    ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', '${DeadLetterQueue.QueueName}', { stat: 'Maximum', label: 'age of the oldest', yAxis: 'right' }],
  ], axis('messages', 'seconds'))],
];
const outcomes = ['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'];
const workflow = [
  [8, graph('Runs', outcomes.map((name) => states(name, machine, { label: name.replace('Executions', '') })), { period: 300, ...axis('executions') })],
  [8, graph('Branches', outcomes.map((name) => states(name, branches, { label: name.replace('Executions', '') })), axis('executions'))],
  [8, graph('Map Runs of the account, throttled transitions', [
    ['AWS/States', 'ApproximateOpenMapRunCount', { stat: 'Maximum', label: 'open' }], ['AWS/States', 'ApproximateMapRunBacklogSize', { stat: 'Maximum', label: 'backlog' }],
    states('ExecutionThrottled', branches, { label: 'throttled', yAxis: 'right' }),
  ], axis('Map Runs', 'transitions'))],
];
const functions = [
  [8, graph('Function errors', functionIds.map((id) => lambda('Errors', id)), axis('errors'))],
  [8, graph('Function throttles, concurrency of the gate', [...functionIds.map((id) => lambda('Throttles', id)), lambda('ConcurrentExecutions', 'CheckAuroraConnections', { stat: 'Maximum', label: 'gates at once', yAxis: 'right' })], axis('throttles', 'at once'))],
  [8, graph('Function duration, p95', functionIds.map((id) => lambda('Duration', id, { stat: 'p95' })), axis('milliseconds'))],
];
const share = (title, used, reserved) => graph(title, ['dump', 'import'].flatMap((family) => [
  insights(used, family, { id: `${family}Used` }), insights(reserved, family, { id: `${family}Reserved` }),
  expression(`100*${family}Used/${family}Reserved`, { label: family }),
]), axis('% of what the tasks have'));
const platform = [
  [8, share('Task CPU', 'CpuUtilized', 'CpuReserved')],
  [8, share('Task memory', 'MemoryUtilized', 'MemoryReserved')],
  [8, graph('Table: writes, throttles', [
    ['AWS/DynamoDB', 'ConsumedWriteCapacityUnits', 'TableName', '${Table}', { stat: 'Sum', label: 'write units' }],
    ...['WriteThrottleEvents', 'ReadThrottleEvents'].map((name) => ['AWS/DynamoDB', name, 'TableName', '${Table}', { stat: 'Sum', label: name, yAxis: 'right' }]),
  ], axis('units a minute', 'throttles'))],
];
const newest = [
  [24, {
    type: 'log',
    height: 6,
    properties: {
      title: 'Failures, newest first',
      region,
      view: 'table',
      query: "SOURCE '${ClassifyFailureLogGroup}' | SOURCE '${RecordAbortedBranchLogGroup}' | fields @timestamp, migration, database, stage, attempt, error, message | filter event in ['FailureClassified', 'BranchEnded'] | sort @timestamp desc | limit 50",
    },
  }],
];

const rows = [
  [[24, heading]], [[24, alarms]], progress, throughput, gate, failures, workflow, functions, platform, newest,
];
let bottom = 0;
const own = rows.flatMap((widgets) => {
  const placed = row(bottom, ...widgets);
  bottom += widgets[0][1].height;
  return placed;
});

/** Aurora takes the left sixteen columns below Ferry's own widgets, the source the right eight. */
const auroraWidgets = [
  ...row(bottom, [8, graph('Aurora: CPU', [aurora('CPUUtilization', { stat: 'Average' })], { yAxis: { left: { min: 0, max: 100 } }, ...line(95, 'alarm') })], [8, graph('Aurora: freeable memory', [aurora('FreeableMemory', { stat: 'Minimum' })], axis('bytes'))]),
  ...row(bottom + 6, [8, graph('Aurora: connections', [aurora('DatabaseConnections', { stat: 'Maximum' })], axis('connections'))], [8, graph('Aurora: DDL, DML a second', [aurora('DDLThroughput', { stat: 'Average' }), aurora('DMLThroughput', { stat: 'Average' })], axis('statements/s'))]),
  ...row(bottom + 12, [8, graph('Aurora: inserts, updates a second', [aurora('InsertThroughput', { stat: 'Average' }), aurora('UpdateThroughput', { stat: 'Average' })], axis('statements/s'))], [8, graph('Aurora: slow queries', [
    // Where the slow query log is exported to CloudWatch Logs: Aurora has no metric of them.
    ['AWS/Logs', 'IncomingLogEvents', 'LogGroupName', '/aws/rds/cluster/${AuroraClusterId}/slowquery', { stat: 'Sum', label: 'entries of the slow query log' }],
  ], axis('entries a minute'))]),
];
const sourceWidgets = [
  graph('Source: CPU', [source('CPUUtilization', { stat: 'Average' })], { yAxis: { left: { min: 0, max: 100 } } }),
  // Of the CloudWatch agent, whose dimensions depend on its configuration.
  graph('Source: memory used (agent)', [expression('SEARCH(\'Namespace="CWAgent" MetricName="mem_used_percent" InstanceId="${SourceInstanceId}"\', \'Average\', 60)', { id: 'memory' })], { yAxis: { left: { min: 0, max: 100 } } }),
  graph('Source: disk operations a second', [
    source('EBSReadOps', { stat: 'Sum', id: 'reads', visible: false }), source('EBSWriteOps', { stat: 'Sum', id: 'writes', visible: false }),
    expression('reads/PERIOD(reads)', { label: 'reads' }), expression('writes/PERIOD(writes)', { label: 'writes' }),
  ], axis('operations/s')),
].map((widget, index) => ({ type: widget.type, x: 16, y: bottom + 6 * index, width: 8, height: 6, properties: widget.properties }));

const note = (x, width, markdown) => [{ type: 'text', x, y: bottom, width, height: 18, properties: { markdown } }];
const noAurora = note(0, 16, 'Name the Aurora cluster with the parameter `auroraClusterId` to see it here.');
const noSource = note(16, 8, 'Name the source\'s EC2 instance with the parameter `sourceInstanceId` to see it here.');

const listed = (widgets) => widgets.map((widget) => JSON.stringify(widget)).join(',');

exports.body = `{"start":"-PT3H","periodOverride":"inherit","widgets":[${listed(own)},\${AuroraWidgets},\${SourceWidgets}]}`;
exports.aurora = listed(auroraWidgets);
exports.noAurora = listed(noAurora);
exports.source = listed(sourceWidgets);
exports.noSource = listed(noSource);
