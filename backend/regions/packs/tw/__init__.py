"""The region pack of Taiwan: data files, and the script that builds some of them."""
