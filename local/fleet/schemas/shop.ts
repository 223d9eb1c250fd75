/** A web shop: foreign keys, AUTO_INCREMENT, decimals, timestamps, a view on a view, a trigger, routines. */
import { rows } from '../plan.ts';
import type { DatabasePlan, SchemaContext, TablePlan } from '../plan.ts';

export function shop(context: SchemaContext): DatabasePlan {
  return {
    characterSet: context.characterSet,
    tables: [...customerTables(context), ...orderTables(context), ...otherTables(context)],
    objects,
  };
}

function customerTables({ random, scale }: SchemaContext): TablePlan[] {
  const customers = scale;
  return [
    {
      name: 'customers',
      columns: [
        'id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'name VARCHAR(80) NOT NULL',
        "email VARCHAR(120) NOT NULL DEFAULT ''",
        'phone CHAR(20) DEFAULT NULL',
        "newsletter ENUM('yes','no','never again') NOT NULL DEFAULT 'no'",
        "interests SET('books','music','garden','tools') NOT NULL DEFAULT ''",
        'created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP',
        'UNIQUE KEY email (email)',
      ],
      options: `ENGINE=InnoDB AUTO_INCREMENT=${customers * 10} COMMENT='Customers; see \\'orders\\'\nand "addresses"'`,
      rows: rows(customers, (id) => [
        id, random.personName(), `customer${id}@example.com`, random.chance(30) ? null : `+49 30 ${random.int(100000, 999999)}`,
        random.pick(['yes', 'no', 'never again']), random.pick(['', 'books', 'books,music', 'garden,tools']), random.dateTime(),
      ]),
    },
    {
      name: 'addresses',
      columns: [
        'customer_id INT UNSIGNED NOT NULL',
        'kind TINYINT NOT NULL',
        'street VARCHAR(120)',
        'city VARCHAR(60)',
        'PRIMARY KEY (customer_id, kind)',
        'KEY city (city(10))',
        'CONSTRAINT address_of_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE ON UPDATE CASCADE',
      ],
      options: 'ENGINE=InnoDB',
      rows: rows(customers, (id) => [id, id % 3, `${random.words(2)} ${random.int(1, 200)}`, random.pick(['Köln', 'Zürich', 'Málaga', 'Leeds', ''])]),
    },
  ];
}

function productCount(scale: number): number {
  return Math.max(5, Math.round(scale / 2));
}

function orderTables({ random, scale }: SchemaContext): TablePlan[] {
  const customers = scale;
  const products = productCount(scale);
  const orders = scale * 2;
  return [
    {
      name: 'products',
      columns: [
        'id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'sku CHAR(12) NOT NULL',
        'title VARCHAR(150) NOT NULL',
        'price DECIMAL(10,2) UNSIGNED NOT NULL',
        'weight FLOAT(7,3) DEFAULT NULL',
        'rating DOUBLE DEFAULT NULL',
        'stock MEDIUMINT NOT NULL DEFAULT 0',
        'listed YEAR(4) DEFAULT NULL',
        'description TEXT',
        'UNIQUE KEY sku (sku)',
        'KEY title (title(20), price)',
      ],
      options: 'ENGINE=InnoDB',
      rows: rows(products, (id) => [
        id, `SKU-${String(id).padStart(6, '0')}`, random.words(3), random.money(), random.int(1, 9999) / 8, random.int(0, 500) / 100,
        random.int(-5, 900), random.int(2005, 2016), `${random.sentence()}\n${random.sentence()}`,
      ]),
    },
    {
      name: 'orders',
      columns: [
        'id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'customer_id INT UNSIGNED NOT NULL',
        "placed DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00'",
        'shipped DATE DEFAULT NULL',
        "state ENUM('open','paid','shipped','returned') NOT NULL DEFAULT 'open'",
        'total DECIMAL(12,4) NOT NULL',
        'CONSTRAINT order_of_customer FOREIGN KEY (customer_id) REFERENCES customers (id)',
      ],
      options: `ENGINE=InnoDB AUTO_INCREMENT=${orders + 1000}`,
      rows: rows(orders, (id) => [
        id, random.int(1, customers), random.chance(10) ? '0000-00-00 00:00:00' : random.dateTime(), random.chance(40) ? null : random.date(),
        random.pick(['open', 'paid', 'shipped', 'returned']), random.money(),
      ]),
    },
    {
      name: 'order_items',
      columns: [
        'order_id BIGINT UNSIGNED NOT NULL',
        'line SMALLINT UNSIGNED NOT NULL',
        'product_id INT UNSIGNED NOT NULL',
        'quantity INT NOT NULL',
        'PRIMARY KEY (order_id, line)',
        'CONSTRAINT item_of_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE',
        'CONSTRAINT item_of_product FOREIGN KEY (product_id) REFERENCES products (id)',
      ],
      options: 'ENGINE=InnoDB',
      rows: rows(orders * 2, (number) => [Math.ceil(number / 2), (number % 2) + 1, random.int(1, products), random.int(1, 12)]),
    },
  ];
}

function otherTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  const products = productCount(scale);
  return [
    {
      name: 'stock_movements',
      columns: ['product_id INT UNSIGNED NOT NULL', 'moved DATETIME NOT NULL', 'delta INT NOT NULL', 'KEY by_product (product_id, moved)'],
      options: `ENGINE=${engine()}`,
      rows: rows(scale * 2, () => [random.int(1, products), random.dateTime(), random.int(-20, 40)]),
    },
    {
      name: 'sessions',
      columns: ['id CHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY', 'data VARBINARY(2000)', 'expires INT(10) UNSIGNED ZEROFILL NOT NULL'],
      options: `ENGINE=${engine()}`,
      rows: rows(scale, () => [random.bytes(16).toString('hex'), random.bytes(random.int(0, 60)), random.int(0, 2_000_000_000)]),
    },
    {
      name: 'audit',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP', 'what VARCHAR(200) NOT NULL'],
      options: `ENGINE=${engine()} AUTO_INCREMENT=5001`,
      rows: [],
    },
  ];
}

const objects = [
  'CREATE VIEW open_orders AS SELECT o.id, o.customer_id, o.total FROM orders o WHERE o.state = \'open\' WITH CASCADED CHECK OPTION',
  // Named so that it sorts before the view it reads.
  'CREATE ALGORITHM=TEMPTABLE VIEW best_customers AS SELECT customer_id, SUM(total) AS spent FROM open_orders GROUP BY customer_id',
  `CREATE TRIGGER order_audit AFTER UPDATE ON orders FOR EACH ROW BEGIN
     -- a remark; with a semicolon
     IF NEW.state <> OLD.state THEN INSERT INTO audit (what) VALUES (CONCAT('order ', NEW.id, ': ', OLD.state, ' -> ', NEW.state)); END IF;
   END`,
  "CREATE FUNCTION gross(net DECIMAL(12,4), rate DECIMAL(4,2)) RETURNS DECIMAL(12,4) DETERMINISTIC RETURN net * (1 + rate / 100)",
  `CREATE PROCEDURE close_order(IN which BIGINT, OUT closed INT) COMMENT 'ends an order; for good'
   BEGIN
     UPDATE orders SET state = 'shipped' WHERE id = which;
     SET closed = ROW_COUNT();
   END`,
];
