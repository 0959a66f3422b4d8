/** TFRecord files as examples: parts, packing, and what the bytes of a feature are. */
package org.distill4j.data.record;
