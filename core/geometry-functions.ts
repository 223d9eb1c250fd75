/**
 * Functions for geometries by the names that MySQL 8.0 dropped. The MBR functions keep their meaning under their new
 * names: the old ones compared rectangles.
 * Source: MySQL Reference Manual 5.7, "Spatial Function Reference": those that are deprecated, and what replaces them.
 */
import { edited, tokensOf } from './sql-tokens.ts';
import type { Edit, Reading } from './sql-tokens.ts';

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

/** After one of these a name with parentheses is a table, an index, a procedure; after a dot, a function of the database. */
const otherwise = new Set(
  'INTO,TABLE,CALL,FUNCTION,PROCEDURE,INSERT,REPLACE,IGNORE,DELAYED,LOW_PRIORITY,HIGH_PRIORITY,EXISTS,KEY,INDEX,REFERENCES,WITH,RECURSIVE,.'.split(','),
);

/**
 * What stands in strings, comments and quoted names is no call.
 * @returns the statement or part of one with present names; undefined when it calls none by an old name
 */
export function withPresentGeometryFunctions(sql: string, reading?: Reading): string | undefined {
  const tokens = Array.from(tokensOf(sql, reading));
  const edits = tokens.flatMap(({ kind, upper, start, end }, index): Edit[] => {
    const name = kind === 'word' && tokens[index + 1]?.text === '(' ? oldGeometryFunctions.get(upper) : undefined;
    if (name === undefined || otherwise.has(tokens[index - 1]?.upper ?? '')) return [];
    return [{ start, end, text: name }];
  });
  return edits.length === 0 ? undefined : edited(sql, edits);
}
