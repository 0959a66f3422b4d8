/** What a model of integers computes exactly. */
package org.distill4j.reference;
