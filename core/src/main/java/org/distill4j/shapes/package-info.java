/** What shape every value of a graph has, and what that costs. */
package org.distill4j.shapes;
