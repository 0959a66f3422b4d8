/** Where the axes of every value stand in an engine that keeps channels last. */
package org.distill4j.layout;
