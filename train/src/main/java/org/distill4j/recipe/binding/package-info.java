/** How YAML becomes records and records become YAML: strict, with every fault told at once. */
package org.distill4j.recipe.binding;
