/** How picture files become numbers. */
package org.distill4j.images;
