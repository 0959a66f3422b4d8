/** Where examples come from. */
package org.distill4j.data;
