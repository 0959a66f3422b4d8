/** How bytes reach the disk whole, and come back unaltered. */
package org.distill4j.storage;
