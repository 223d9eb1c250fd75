CREATE TABLE `remote` (
  `id` int(11) NOT NULL
) ENGINE=FEDERATED DEFAULT CHARSET=latin1 CONNECTION='mysql://u@h/d/t';
-- Dump completed
