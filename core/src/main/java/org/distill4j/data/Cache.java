package org.distill4j.data;

/** The place where decoded images and records are kept: on disk, in memory or nowhere. */
public enum Cache {
  /** In the user's cache, for this run and all later ones; read through the page cache. */
  DISK,
  /** On the heap, for this run. */
  MEMORY,
  /** Nowhere: each is decoded whenever it is read. */
  NONE
}
