CREATE TABLE places (id INT PRIMARY KEY, g GEOMETRY NOT NULL, p POINT, l LINESTRING, a POLYGON, c GEOMETRYCOLLECTION, SPATIAL KEY (g)) ENGINE=MyISAM;
INSERT INTO places VALUES (1, GeomFromText('POINT(1 2)'), POINT(1, 2), GeomFromText('LINESTRING(0 0,1 1)'), GeomFromText('POLYGON((0 0,4 0,4 4,0 4,0 0))'), GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')),
  (2, GeomFromText('POINT(13.4 52.5)', 4326), GeomFromText('POINT(170 -89)', 4326), NULL, NULL, NULL),
  (3, GeomFromText('MULTIPOINT(0 0,1 1)', 9999), NULL, NULL, NULL, NULL);
CREATE VIEW texts AS SELECT id, AsText(g) AS g, X(p) AS x, Y(p) AS y, GLength(l) AS l, Area(a) AS a, SRID(g) AS s, GeometryType(g) AS t, NumGeometries(c) AS n FROM places;
CREATE VIEW related AS SELECT a.id FROM places a JOIN places b ON Contains(a.g, b.g) OR Within(a.g, b.g) OR Intersects(a.g, b.g) OR Disjoint(a.g, b.g) OR Overlaps(a.g, b.g) OR Touches(a.g, b.g) OR Crosses(a.g, b.g);
CREATE VIEW made AS SELECT PointFromText('POINT(1 1)') AS p, LineStringFromText('LINESTRING(0 0,1 1)') AS l, PolyFromText('POLYGON((0 0,4 0,4 4,0 0))') AS a, GeomFromWKB(AsWKB(g)) AS g FROM places;
CREATE FUNCTION described(g GEOMETRY) RETURNS TEXT DETERMINISTIC RETURN CONCAT('AsText(g): ', AsText(g) /* AsText */, X(Centroid(Envelope(g))));
CREATE FUNCTION alike(a GEOMETRY, b GEOMETRY) RETURNS INT DETERMINISTIC RETURN Equals(a, b) AND MBREqual(a, b);
CREATE TRIGGER tr BEFORE INSERT ON places FOR EACH ROW SET NEW.p = StartPoint(NEW.l);
