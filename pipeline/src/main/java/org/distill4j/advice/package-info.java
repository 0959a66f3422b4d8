/** The field's rules of thumb, each held against what was measured. */
package org.distill4j.advice;
