/** The benchmarks, one class each. */
package org.distill4j.cli.bench;
