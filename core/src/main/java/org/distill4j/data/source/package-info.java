/** Where examples come from: the catalogue, downloads, and one reader for each format. */
package org.distill4j.data.source;
