/** The databases of the fleet by name: the awkward ones first, so that even a small fleet has some. */
import { Random } from './random.ts';

/** The database of several hundred megabytes. */
export const largeDatabase = 'photo_archive';

const awkwardNames = [
  'Orders 2014 (old)',
  'shop.backup',
  'back`tick',
  'Žluťoučký kůň',
  'a_database_whose_name_has_exactly_as_many_letters_as_mysql_allow',
  '数据库',
  "O'Brien & Sons",
  '100%_real',
  'semi;colon',
  '#1 "Best" Pizza',
  'select',
  '-dash',
  'path/../to',
  'CamelCase',
  'UPPER CASE',
  '$dollar',
];

const businesses = ['bakery', 'books', 'cinema', 'clinic', 'dental', 'florist', 'garage', 'gym', 'haulage', 'hotel', 'legal', 'library', 'magazine', 'optics', 'pharmacy', 'school', 'shop', 'taxi', 'tools', 'travel'];
const places = ['aarhus', 'basel', 'cork', 'dijon', 'essen', 'faro', 'gent', 'haifa', 'izmir', 'jena', 'kiel', 'leeds', 'malmo', 'nantes', 'oslo', 'porto', 'quito', 'reims', 'split', 'turin'];

/** `count` different names; the large database is the second. */
export function fleetNames(count: number): string[] {
  const random = new Random(count);
  const names = new Set<string>(['shop_leeds', largeDatabase, ...awkwardNames].slice(0, count));
  for (let number = 0; names.size < count; number += 1) {
    const name = `${random.pick(businesses)}_${random.pick(places)}`;
    names.add(names.has(name) ? `${name}_${number}` : name);
  }
  return [...names];
}
