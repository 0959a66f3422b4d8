/** What happened in a run, for people and for programs. */
package org.distill4j.track;
