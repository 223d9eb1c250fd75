/**
 * Functions for geometries by the names that MySQL 8.0 dropped. The MBR functions keep their meaning under their new
 * names: the old ones compared rectangles.
 * Source: MySQL Reference Manual 5.7, "Spatial Function Reference": those that are deprecated, and what replaces them.
 */
const renamed = {
  CONTAINS: 'MBRContains',
  DISJOINT: 'MBRDisjoint',
  EQUALS: 'MBREquals',
  GLENGTH: 'ST_Length',
  INTERSECTS: 'MBRIntersects',
  MBREQUAL: 'MBREquals',
  OVERLAPS: 'MBROverlaps',
  WITHIN: 'MBRWithin',
};

const prefixed = [
  ...['Area', 'AsBinary', 'AsText', 'AsWKB', 'AsWKT', 'Buffer', 'Centroid', 'ConvexHull', 'Crosses', 'Dimension', 'Distance', 'EndPoint', 'Envelope'],
  ...['ExteriorRing', 'GeometryN', 'GeometryType', 'InteriorRingN', 'IsClosed', 'IsEmpty', 'IsSimple', 'NumGeometries', 'NumInteriorRings', 'NumPoints'],
  ...['PointN', 'SRID', 'StartPoint', 'Touches', 'X', 'Y'],
];

/** They read their type from text and from the well-known binary format. */
const read = [
  ...['GeomColl', 'GeometryCollection', 'Geom', 'Geometry', 'Line', 'LineString', 'MLine', 'MultiLineString', 'MPoint', 'MultiPoint', 'MPoly', 'MultiPolygon'],
  ...['Point', 'Poly', 'Polygon'],
];

/** Old name in upper case to present name. */
export const oldGeometryFunctions: ReadonlyMap<string, string> = new Map([
  ...[...prefixed, ...read.flatMap((type) => [`${type}FromText`, `${type}FromWKB`])].map((name): [string, string] => [name.toUpperCase(), `ST_${name}`]),
  ...Object.entries(renamed),
]);
