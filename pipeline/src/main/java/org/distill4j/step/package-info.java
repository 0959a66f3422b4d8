/** What a run does step by step: each step's inputs, its key, and how it is made. */
package org.distill4j.step;
