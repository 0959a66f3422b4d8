/** What a run says on disk: its results, its log and what its gate found. */
package org.distill4j.results;
