"""Creates a state machine in Moto for each definition of a JSON list on standard input, and prints what Moto says of each."""
import json
import sys

import boto3
from moto import mock_aws

answers = []
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client(
        "stepfunctions", region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local"
    )
    for number, definition in enumerate(json.load(sys.stdin)):
        try:
            client.create_state_machine(
                name=f"machine-{number}", definition=definition, roleArn="arn:aws:iam::000000000000:role/machine"
            )
            answers.append("accepted")
        except client.exceptions.ClientError as error:
            answers.append(str(error)[:300])
print(json.dumps(answers))
