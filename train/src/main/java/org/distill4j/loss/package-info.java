/** What a student minimises. */
package org.distill4j.loss;
