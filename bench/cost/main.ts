/** `npm run cost -- …`: what a run costs, with the settings of `npm run simulate`. */
import { FerryError } from '../../core/errors.ts';
import { readSettings } from '../simulation/arguments.ts';
import { describeSettings, thousands } from '../simulation/describe.ts';
import { simulate } from '../simulation/simulate.ts';
import { textTable } from '../text-table.ts';
import { type CostLine, costOf, natAlternative, totalOf } from './cost.ts';
import { pricedAt, priceText } from './prices.ts';

try {
  const given = readSettings('cost');
  if (given === 'help') console.log(describeSettings('cost'));
  else {
    const simulated = simulate(given.settings);
    const lines = costOf(simulated);
    if (given.json) console.log(JSON.stringify(lines, null, 2));
    else {
      console.log(textTable([['service', 'amount', 'of', 'dollars'], ...lines.map(row), ['all', '', '', totalOf(lines).toFixed(2)]]));
      console.log(`\nInstead of endpoints, a NAT gateway: ${totalOf(natAlternative(simulated)).toFixed(2)} dollars. Prices: ${pricedAt.region}, ${pricedAt.date}; check them before relying on this.`);
    }
  }
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}

function row({ service, what, amount, price, dollars }: CostLine): string[] {
  return [service, amount < 100 ? amount.toFixed(1) : thousands(amount), `${what} (${priceText(price)})`, dollars.toFixed(2)];
}
