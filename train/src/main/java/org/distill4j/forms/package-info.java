/** In what forms a model leaves: what is asked for, and what came of it. */
package org.distill4j.forms;
