/** What went wrong, in one line a person can act on. */
package org.distill4j.fault;
