/** In what formats a model leaves, and with which numbers at its ends. */
package org.distill4j.format;
