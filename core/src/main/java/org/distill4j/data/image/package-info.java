/** Folders of images as examples: classes, parts, and one size for all. */
package org.distill4j.data.image;
