import { edited, tokensOf } from '../sql-tokens.ts';
import type { Edit } from '../sql-tokens.ts';
import type { Rule } from './rule.ts';

/** By its old name in upper case, where the new one is not that name after ST_. */
const renamed: Readonly<Record<string, string>> = {
  CONTAINS: 'MBRContains',
  DISJOINT: 'MBRDisjoint',
  EQUALS: 'MBREquals',
  GLENGTH: 'ST_Length',
  INTERSECTS: 'MBRIntersects',
  MBREQUAL: 'MBREquals',
  OVERLAPS: 'MBROverlaps',
  WITHIN: 'MBRWithin',
};

/** Source: MySQL Reference Manual 5.7, "Spatial Function Reference": those that are deprecated, with their replacements. */
const prefixed = [
  ...['Area', 'AsBinary', 'AsText', 'AsWKB', 'AsWKT', 'Buffer', 'Centroid', 'ConvexHull', 'Crosses', 'Dimension', 'Distance', 'EndPoint', 'Envelope'],
  ...['ExteriorRing', 'GeometryN', 'GeometryType', 'InteriorRingN', 'IsClosed', 'IsEmpty', 'IsSimple', 'NumGeometries', 'NumInteriorRings', 'NumPoints'],
  ...['PointN', 'SRID', 'StartPoint', 'Touches', 'X', 'Y'],
  ...['GeomColl', 'GeometryCollection', 'Geom', 'Geometry', 'Line', 'LineString', 'MLine', 'MultiLineString', 'MPoint', 'MultiPoint', 'MPoly', 'MultiPolygon'].flatMap(fromTextAndBinary),
  ...['Point', 'Poly', 'Polygon'].flatMap(fromTextAndBinary),
];
const names = new Map([...prefixed.map((name) => [name.toUpperCase(), `ST_${name}`] as const), ...Object.entries(renamed)]);

/** After one of these a name with parentheses is a table, an index, a procedure; after a dot, a function of the database. */
const otherwise = new Set(
  'INTO,TABLE,CALL,FUNCTION,PROCEDURE,INSERT,REPLACE,IGNORE,DELAYED,LOW_PRIORITY,HIGH_PRIORITY,EXISTS,KEY,INDEX,REFERENCES,WITH,RECURSIVE,.'.split(','),
);

/** Renames calls of spatial functions; what stands in strings, comments and quoted names is none. */
export const spatialFunctions: Rule = {
  name: 'spatial-functions',
  kinds: ['view', 'routine', 'trigger', 'event'],
  concerns: new RegExp(`\\b(?:${[...names.keys()].join('|')})\\s*\\(`, 'i'),
  apply({ sql }) {
    const tokens = Array.from(tokensOf(sql));
    const edits = tokens.flatMap(({ kind, upper, start, end }, index): Edit[] => {
      const name = kind === 'word' && tokens[index + 1]?.text === '(' ? names.get(upper) : undefined;
      if (name === undefined || otherwise.has(tokens[index - 1]?.upper ?? '')) return [];
      return [{ start, end, text: name }];
    });
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};

function fromTextAndBinary(type: string): string[] {
  return [`${type}FromText`, `${type}FromWKB`];
}
