// The state machine's definition as one string: `${file(….json)}` alone would give an object, and CloudFormation wants text.
const { readFileSync } = require('node:fs');

exports.text = readFileSync(require.resolve('../statemachines/migrate-databases.asl.json'), 'utf8');
