/** A whole run as a value. */
package org.distill4j.recipe;
