/** What examples are: datasets, splits, their order, and how they are fetched ahead. */
package org.distill4j.data;
