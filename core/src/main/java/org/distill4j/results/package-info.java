/** What a run, a gate and a release say on disk. */
package org.distill4j.results;
