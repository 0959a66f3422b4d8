/**
 * How YAML becomes settings records and records become YAML, strictly, and what a step's key is
 * made of.
 */
package org.distill4j.settings;
