CREATE TABLE `t` (
  `a` varchar(20) COLLATE utf8mb4_0900_ai_ci NOT NULL,
  PRIMARY KEY (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `t` VALUES ('strasse'),('straße');
-- Dump completed
