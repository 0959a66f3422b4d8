/** What an array is. */
package org.distill4j.tensor;
