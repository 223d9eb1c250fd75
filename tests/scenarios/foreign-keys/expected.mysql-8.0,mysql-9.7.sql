CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `a` (
  `id` int NOT NULL,
  `b` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `a_to_b` (`b`),
  CONSTRAINT `a_to_b` FOREIGN KEY (`b`) REFERENCES `b` (`id`) ON DELETE CASCADE ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `a_child_of_later` (
  `id` int NOT NULL,
  `z` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `z` (`z`),
  CONSTRAINT `a_child_of_later_ibfk_1` FOREIGN KEY (`z`) REFERENCES `z_parent` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `b` (
  `id` int NOT NULL,
  `a` int DEFAULT NULL,
  `parent` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `a` (`a`),
  KEY `parent` (`parent`),
  CONSTRAINT `b_ibfk_1` FOREIGN KEY (`a`) REFERENCES `a` (`id`) ON DELETE RESTRICT,
  CONSTRAINT `b_ibfk_2` FOREIGN KEY (`parent`) REFERENCES `b` (`id`) ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `child` (
  `id` int NOT NULL,
  `x` int DEFAULT NULL,
  `y` varchar(10) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `both_columns` (`x`,`y`),
  CONSTRAINT `it's a ``name``` FOREIGN KEY (`x`, `y`) REFERENCES `pair` (`x`, `y`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `pair` (
  `x` int NOT NULL,
  `y` varchar(10) NOT NULL,
  PRIMARY KEY (`x`,`y`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `z_parent` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- a: id="1", b="2"
-- a: id="2", b="1"
-- a_child_of_later: id="1", z="5"
-- b: id="1", a="1", parent="2"
-- b: id="2", a="2", parent=NULL
-- child: id="1", x="1", y="a"
-- child: id="2", x=NULL, y="z"
-- pair: x="1", y="a"
-- z_parent: id="5"
