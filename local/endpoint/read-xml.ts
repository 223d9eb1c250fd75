/** Reads the XML of a request: well-formed or refused, in one pass, with no more elements and depth than the request can have. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  /** All text in it, but not that of its children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What is wrong with a document; the service has its own name for it. */
export class XmlFlaw extends Error {
  override readonly name = 'XmlFlaw';
}

interface OpenElement extends XmlElement {
  text: string;
  readonly children: OpenElement[];
}

const deepest = 8;
/** Characters between two looks at what else is to be done: a long document must not hold up everybody. */
const sliceCharacters = 64 * 1024;

/** @returns the root element @throws XmlFlaw */
export async function readXml(xml: string, mostElements: number): Promise<XmlElement> {
  const document: OpenElement = { name: '', text: '', children: [] };
  const open = [document];
  const parser = new SaxesParser({ position: false });
  let elements = 0;
  parser.on('error', ({ message }) => {
    throw new XmlFlaw(message);
  });
  // The parser would not resolve its entities; nobody who means well declares any.
  parser.on('doctype', () => {
    throw new XmlFlaw('a document type is not allowed');
  });
  parser.on('opentag', ({ name }) => {
    elements += 1;
    if (elements > mostElements) throw new XmlFlaw(`more than ${mostElements} elements`);
    if (open.length > deepest) throw new XmlFlaw(`elements in one another more than ${deepest} deep`);
    const element: OpenElement = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    open.pop();
  });
  for (let start = 0; start < xml.length; start += sliceCharacters) {
    parser.write(xml.slice(start, start + sliceCharacters));
    if (start + sliceCharacters < xml.length) await otherWork();
  }
  parser.close();
  const [root] = document.children;
  if (root === undefined) throw new XmlFlaw('no element');
  return root;
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of that name; undefined when there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
