package org.distill4j.table;

/** The way in which a cell of text may hold a separator, a line break or a quote. */
public enum Quotes {
  /**
   * The cell stands in double quotes, and a quote in it is doubled.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
   */
  DOUBLED,
  /** The cell stands in double quotes, and a backslash goes before a quote or backslash in it. */
  BACKSLASH,
  /** Not at all: a quote is a character like any other. */
  NONE
}
