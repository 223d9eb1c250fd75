/** The database that goes through the images, and all that is in it on either side. */
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Bench } from '../integration/containers/bench.ts';

export const shopRows = 5_003;

export async function fillShop({ sourceAdmin }: Bench): Promise<void> {
  await sourceAdmin.query(`CREATE DATABASE shop CHARACTER SET latin1; USE shop;
    CREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY, customer VARCHAR(40) CHARACTER SET utf8mb4, total DECIMAL(12,2), placed DATETIME DEFAULT '0000-00-00 00:00:00') ENGINE=InnoDB;
    CREATE TABLE pictures (id INT PRIMARY KEY, picture LONGBLOB) ENGINE=MyISAM;
    CREATE TABLE log (what VARCHAR(40)) ENGINE=InnoDB;
    CREATE VIEW large_orders AS SELECT id, total FROM orders WHERE total > 1000;
    CREATE PROCEDURE total_of(IN who VARCHAR(40)) SELECT SUM(total) FROM orders WHERE customer = who`);
  await sourceAdmin.query('CREATE TRIGGER counted AFTER INSERT ON orders FOR EACH ROW INSERT INTO log VALUES (NEW.customer)');
  const customers = ['Zoë', '顧客', 'O\'Brien; "quoted" \\', '🚢'];
  const orders = Array.from({ length: 2_500 }, (_, index) => [customers[index % customers.length], (index * 37) % 2_000]);
  await sourceAdmin.query('SET NAMES utf8mb4');
  await sourceAdmin.query('INSERT INTO orders (customer, total) VALUES ?', [orders]);
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const pictures = [1, 2, 3].map((id) => [id, Buffer.concat(Array.from({ length: id * 1_000 }, () => everyByte))]);
  await sourceAdmin.query('INSERT INTO pictures VALUES ?', [pictures]);
}

/** Every row as hexadecimal digits, which nothing on the way converts, in an order that both servers agree on. */
export async function contentsOfShop(admin: Connection): Promise<Record<string, unknown>> {
  const rows = async (sql: string): Promise<unknown> => (await admin.query<RowDataPacket[][]>({ sql, rowsAsArray: true }))[0];
  return {
    orders: await rows('SELECT id, HEX(customer), total, HEX(CONCAT(placed)) FROM shop.orders ORDER BY id'),
    pictures: await rows('SELECT id, LENGTH(picture), SHA2(picture, 256) FROM shop.pictures ORDER BY id'),
    log: await rows('SELECT HEX(what), COUNT(*) FROM shop.log GROUP BY 1 ORDER BY 1'),
    // Only named: its definer is on the source alone.
    named: await rows(`SELECT 'view', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'shop'
      UNION ALL SELECT 'trigger', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'shop'
      UNION ALL SELECT 'routine', ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'shop'`),
  };
}
