/** How bytes are fetched and read, and how decoded rows are kept for the next run. */
package org.distill4j.data.store;
